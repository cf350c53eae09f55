// "Another code can be sent in 42 s": the button wakes up when the time has come.
export function countdowns(root) {
  for (const form of root.querySelectorAll("[data-countdown]")) {
    let left = Number(form.dataset.countdown);
    if (!left) continue;
    const button = form.querySelector("button");
    const until = Date.now() + left * 1000;
    button.disabled = true;
    const timer = setInterval(() => {
      left = Math.ceil((until - Date.now()) / 1000);
      form.querySelector("[data-seconds]").textContent = Math.max(left, 0);
      if (left > 0) return;
      clearInterval(timer);
      button.disabled = false;
      form.querySelector("[data-countdown-text]").hidden = true;
    }, 500);
  }
}
