// Step 2 of the wizard while the diary is on its way: look again, a little slower each time.
import { fragment } from "./fragment.js";

export function waiting(root) {
  if (root.querySelector("[data-waiting]")) look(500);
}

function look(pause) {
  setTimeout(async () => {
    const arrived = await fragment().catch(() => false);
    if (arrived === false || document.querySelector("[data-waiting]")) look(Math.min(pause * 1.5, 5000));
  }, pause);
}
