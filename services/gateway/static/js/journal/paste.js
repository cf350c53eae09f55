// A column from a spreadsheet: marks alone go down from the current cell, names with marks are matched.
import { reading } from "./keys.js";

export class Paste {
  constructor(grid, entry, say) {
    this.grid = grid;
    this.entry = entry;
    this.say = say;
    this.dialog = document.getElementById("paste");
    this.dialog.addEventListener("close", () => this.closed());
  }

  open(text) {
    this.column = this.grid.at[1];
    this.found = plan(text, this.grid);
    if (!this.found.some((line) => line.value)) { this.say("paste_nothing", "amber"); return; }
    this.dialog.querySelector("[data-paste-about]").textContent = this.grid.data.texts.paste_about;
    this.dialog.querySelector("tbody").replaceChildren(...this.found.map((line) => this.preview(line)));
    this.dialog.returnValue = "";
    this.dialog.showModal();
  }

  preview({ row, named, typed, value }) {
    const node = document.createElement("tr");
    const { letters } = this.grid.data.texts;
    const text = ({ mark, attendance }) => [mark, letters[attendance]].filter(Boolean).join(" ") || "—";
    const name = document.createElement("th");
    name.textContent = row === null ? named : this.grid.name(row);
    const change = document.createElement("td");
    if (row === null || !value) {
      node.className = "skipped";
      change.textContent = typed;
    } else {
      const was = this.grid.read(row, this.column);
      change.textContent = `${text(was)} → ${text({ ...was, ...value })}`;
    }
    node.append(name, change);
    return node;
  }

  closed() {
    const first = this.found.find((line) => line.row !== null)?.row ?? this.grid.at[0];
    this.grid.focus(first, this.column);
    if (this.dialog.returnValue !== "save") return;
    for (const { row, value } of this.found) {
      if (row === null || !value) continue;
      this.entry.write(row, this.column, { ...this.grid.read(row, this.column), ...value });
    }
  }
}

// Each pasted line with the row it belongs to (null: nobody) and what it says (null: not a mark).
export function plan(text, grid) {
  const lines = text.replace(/\r/g, "").replace(/\n+$/, "").split("\n").map((line) => line.split("\t"));
  const named = lines.some((cells) => cells.length > 1);
  return lines.map((cells, index) => {
    const row = named ? match(cells[0], grid) : inside(grid.at[0] + index, grid);
    return { row, named: named ? cells[0] : "", typed: cells.at(-1).trim(), value: reading(cells.at(-1), grid.data.values) };
  }).filter((line) => line.typed !== "" || line.named);
}

const inside = (row, grid) => (row < grid.rows.length ? row : null);
const plain = (name) => name.toLowerCase().replace(/ё/g, "е").replace(/^\s*\d+[.)]?\s*/, "").replace(/\s+/g, " ").trim();

// A name fits one pupil exactly, or is the beginning of one pupil's name only.
function match(typed, grid) {
  const wanted = plain(typed);
  if (!wanted) return null;
  const names = grid.rows.map((_, row) => plain(grid.name(row)));
  const exact = names.indexOf(wanted);
  if (exact >= 0 && names.lastIndexOf(wanted) === exact) return exact;
  const fits = names.flatMap((name, row) => (name.startsWith(`${wanted} `) || wanted.startsWith(`${name} `) ? [row] : []));
  return fits.length === 1 ? fits[0] : null;
}
