// What a key means in the grid. Both layouts: the Latin key where н, п, б, о are means the same letter.
const LETTERS = { н: "absent", y: "absent", п: "excused", g: "excused", б: "ill", ",": "ill", о: "late", j: "late" };
const MOVES = {
  ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1],
  PageUp: [-10, 0], PageDown: [10, 0], Home: [0, -Infinity], End: [0, Infinity],
};

// Answers {do: ..., ...} or null when the key is not ours.
export function meaning(event, values) {
  const { key, code, shiftKey } = event;
  const command = event.ctrlKey || event.metaKey;
  if (event.altKey) return null;
  if (command) return withControl(key, code);
  if (key === "?" || (code === "Slash" && shiftKey)) return { do: "help" };
  if (key === "Enter") return { do: "enter", by: shiftKey ? [-1, 0] : [1, 0] };
  if (MOVES[key]) return { do: "move", by: MOVES[key] };
  if (key === "Delete" || key === "Backspace") return { do: "clear" };
  if (key === "F2") return { do: "details" };
  if (key === "Escape") return { do: "escape" };
  if (values.includes(key)) return { do: "mark", value: key };
  const state = LETTERS[key.toLowerCase()];
  if (state) return { do: "attendance", value: state };
  return key.length === 1 && key !== " " ? { do: "unknown" } : null;
}

function withControl(key, code) {
  if (code === "KeyZ") return { do: "undo" };
  if (key === "Home") return { do: "move", by: [-Infinity, -Infinity] };
  if (key === "End") return { do: "move", by: [Infinity, Infinity] };
  return null;
}

// A text from a spreadsheet's cell: {mark} or {attendance}, null when it is neither.
export function reading(text, values) {
  const word = text.trim().toLowerCase();
  if (values.includes(word)) return { mark: word };
  return LETTERS[word] ? { attendance: LETTERS[word] } : null;
}
