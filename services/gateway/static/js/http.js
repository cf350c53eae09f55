// JSON to our own API: token, idempotency key, problem+json understood.
// A trace begins in the browser (W3C trace context): 16 bytes name it, 8 this step of it.
const hex = (bytes) => [...crypto.getRandomValues(new Uint8Array(bytes))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const newTrace = () => `00-${hex(16)}-${hex(8)}-01`;

export const newKey = () => hex(16);

// Answers {ok, status, body}; throws only when no answer came at all.
export async function post(address, body, key) {
  const answer = await fetch(address, {
    method: "POST",
    credentials: "same-origin",
    headers: {
      "Content-Type": "application/json",
      Accept: "application/json",
      "X-CSRF-Token": document.querySelector('meta[name="csrf-token"]').content,
      "Idempotency-Key": key,
      traceparent: newTrace(),
    },
    body: JSON.stringify(body),
  });
  const json = await answer.json().catch(() => ({}));
  return { ok: answer.ok, status: answer.status, body: json };
}
