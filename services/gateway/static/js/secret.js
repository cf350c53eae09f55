// Password fields: the eye, the keyboard layout, Caps Lock, a rough strength.
import { texts } from "./texts.js";

export function secrets(root) {
  for (const field of root.querySelectorAll("[data-secret]")) {
    const input = field.querySelector("input");
    eye(field.querySelector("[data-eye]"), input);
    keyboard(field.querySelector("[data-keyboard]"), input);
    strength(field.querySelector("[data-strength]"), input);
  }
}

function eye(button, input) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = input.type === "text";
    input.type = shown ? "password" : "text";
    button.textContent = shown ? texts.show : texts.hide;
    button.setAttribute("aria-pressed", String(!shown));
    input.focus();
  });
  input.form?.addEventListener("submit", () => { input.type = "password"; });
}

function keyboard(hint, input) {
  const say = (event) => {
    if (!event.getModifierState) return;
    const caps = event.getModifierState("CapsLock");
    const layout = layoutOf(event.key);
    const words = [layout && texts[`layout_${layout}`], caps ? texts.caps_on : texts.caps_off];
    hint.textContent = words.filter(Boolean).join(" ");
    hint.classList.toggle("alarm", caps || layout === "ru");
  };
  input.addEventListener("keydown", say);
  input.addEventListener("keyup", (event) => event.key === "CapsLock" && say(event));
}

let lastLayout = null;
function layoutOf(key) {
  if (/^[a-z]$/i.test(key)) lastLayout = "en";
  else if (/^[а-яё]$/i.test(key)) lastLayout = "ru";
  return lastLayout;
}

function strength(box, input) {
  if (!box) return;
  const meter = box.querySelector("meter");
  const words = box.querySelector("span");
  input.addEventListener("input", () => {
    const length = [...input.value].length;
    box.hidden = length === 0;
    const level = guessing(input.value);
    meter.value = level;
    words.textContent = length < 8 ? texts.too_short : texts.strength[level];
  });
}

// A hint only: the server has the word lists and the last word.
export function guessing(password) {
  const symbols = [...password];
  const kinds = [/[a-zа-яё]/, /[A-ZА-ЯЁ]/, /\d/, /[^a-zа-яё\d]/i].filter((kind) => kind.test(password)).length;
  if (symbols.length < 8 || new Set(symbols).size < 4) return 0;
  const points = symbols.length + 2 * kinds;
  return points < 12 ? 1 : points < 15 ? 2 : points < 19 ? 3 : 4;
}
