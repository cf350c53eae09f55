// The table as a grid: one tab stop, a current cell, reading and painting cells. Knows no network.
import { average, shown } from "./average.js";

const AWAY = ["absent", "excused", "ill"];

export class Grid {
  constructor(table, data) {
    this.table = table;
    this.data = data;
    this.rows = [...table.tBodies[0].rows];
    this.column = new Map(data.columns.map((column, index) => [column.key, index]));
    this.row = new Map(this.rows.map((row, index) => [row.dataset.pupil, index]));
    this.at = [0, this.column.get(data.lesson) ?? data.columns.length - 1];
    this.cell(...this.at).tabIndex = 0;
  }

  cell(row, column) { return this.rows[row].cells[column + 1]; }
  get current() { return this.cell(...this.at); }
  columnData(column = this.at[1]) { return this.data.columns[column]; }
  pupil(row = this.at[0]) { return this.rows[row].dataset.pupil; }
  name(row = this.at[0]) { return this.rows[row].cells[0].textContent.replace(/^\s*\d+\.\s*/, "").trim(); }
  place(node) {
    const cell = node.closest?.('td[role="gridcell"]');
    return cell ? [this.rows.indexOf(cell.parentElement), cell.cellIndex - 1] : null;
  }
  find(pupil, key) {
    return this.row.has(pupil) && this.column.has(key) ? [this.row.get(pupil), this.column.get(key)] : null;
  }

  read(row, column) {
    const { mark, attendance } = this.cell(row, column).dataset;
    return { mark: mark ?? null, attendance: attendance ?? null };
  }

  focus(row, column) {
    const [lastRow, lastColumn] = [this.rows.length - 1, this.data.columns.length - 1];
    this.current.tabIndex = -1;
    this.at = [clamp(row, lastRow), clamp(column, lastColumn)];
    const cell = this.current;
    cell.tabIndex = 0;
    cell.setAttribute("aria-label", this.label(...this.at));
    cell.focus({ preventScroll: true });
    this.reveal(cell);
  }

  move([down, right]) { this.focus(this.at[0] + down, this.at[1] + right); }

  // Sticky head and names cover a part of the box: scroll so that the cell stands clear of them.
  reveal(cell) {
    const box = this.table.parentElement;
    const [outer, inner] = [box.getBoundingClientRect(), cell.getBoundingClientRect()];
    const head = this.table.tHead.getBoundingClientRect().height;
    const left = cell.parentElement.cells[0].getBoundingClientRect().width;
    const tail = [...cell.parentElement.cells].slice(-2).filter((one) => getComputedStyle(one).position === "sticky");
    const right = tail.reduce((width, one) => width + one.getBoundingClientRect().width, 0);
    if (inner.top < outer.top + head) box.scrollTop -= outer.top + head - inner.top;
    if (inner.bottom > outer.bottom) box.scrollTop += inner.bottom - outer.bottom;
    if (inner.left < outer.left + left) box.scrollLeft -= outer.left + left - inner.left;
    if (inner.right > outer.right - right) box.scrollLeft += inner.right - outer.right + right;
  }

  // Opens with the lesson in view and room for what comes after it.
  scrollToLesson() {
    this.reveal(this.cell(0, Math.min(this.at[1] + 2, this.data.columns.length - 1)));
    this.reveal(this.current);
  }

  label(row, column) {
    const { texts } = this.data;
    const { mark, attendance } = this.read(row, column);
    const lesson = this.columnData(column);
    const date = new Date(`${lesson.key.slice(0, 10)}T12:00`).toLocaleDateString(this.data.lang, { day: "numeric", month: "long" });
    const content = [mark && `${texts.mark} ${mark}`, attendance && texts.words[attendance]].filter(Boolean).join(", ");
    return [this.name(row), date, texts.works[lesson.kind], `${texts.weight} ${lesson.weight}`, content || texts.empty].join(", ");
  }

  paint(row, column, { mark, attendance }) {
    const cell = this.cell(row, column);
    set(cell.dataset, "mark", mark);
    set(cell.dataset, "attendance", attendance);
    if (mark && !cell.dataset.weight) cell.dataset.weight = this.columnData(column).weight;
    if (!mark) delete cell.dataset.weight;
    for (const name of [...cell.classList]) if (/^m\d$/.test(name)) cell.classList.remove(name);
    if (mark) cell.classList.add(`m${mark}`);
    cell.classList.toggle("away", AWAY.includes(attendance));
    cell.replaceChildren(mark ?? "");
    if (attendance) cell.append(letter(this.data.texts.letters[attendance]));
    if (cell === document.activeElement) cell.setAttribute("aria-label", this.label(row, column));
    this.showAverage(row);
  }

  state(row, column, name) {
    const { classList } = this.cell(row, column);
    classList.remove("pending", "failed");
    if (name) classList.add(name);
  }

  showAverage(row) {
    const marks = [...this.rows[row].cells].filter((cell) => cell.dataset.mark)
      .map((cell) => [Number(cell.dataset.mark), Number(cell.dataset.weight ?? 1)]);
    this.rows[row].querySelector("td.avg").textContent = shown(average(marks), this.data.lang);
  }

  // The marks of a work weigh what the work weighs.
  reweigh(column, weight) {
    this.rows.forEach((_, row) => {
      const { dataset } = this.cell(row, column);
      if (dataset.mark) dataset.weight = weight;
      this.showAverage(row);
    });
  }
}

const clamp = (value, last) => Math.max(0, Math.min(last, value));

function set(dataset, name, value) {
  if (value === null || value === undefined) delete dataset[name];
  else dataset[name] = value;
}

function letter(text) {
  const node = document.createElement("i");
  node.textContent = text;
  return node;
}
