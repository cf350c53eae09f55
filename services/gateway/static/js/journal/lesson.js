// The side panel: topic, homework and work of the lesson whose column is current.
export class Lesson {
  constructor(grid, queue, say) {
    this.grid = grid;
    this.queue = queue;
    this.say = say;
    this.form = document.querySelector(".lesson-panel");
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.save(); });
    this.form.addEventListener("change", () => this.save());
    this.show(grid.at[1]);
  }

  show(column) {
    if (column === this.column) return;
    const lesson = this.grid.columnData(column);
    this.column = column;
    this.form.dataset.lesson = lesson.key;
    const { texts, lang } = this.grid.data;
    const date = new Date(`${lesson.key.slice(0, 10)}T12:00`).toLocaleDateString(lang, { day: "numeric", month: "long" });
    this.form.querySelector("[data-lesson-title]").textContent = titled(lesson, date, texts);
    this.form.querySelector("[data-missing]").hidden = !lesson.missing;
    const { topic, homework, due, kind, title, weight } = this.form.elements;
    [topic.value, homework.value, due.value] = [lesson.topic, lesson.homework, lesson.due || lesson.next];
    [kind.value, title.value, weight.value] = [lesson.kind, lesson.title, lesson.weight];
    for (const one of this.form.elements) one.disabled = lesson.locked;
    this.problem("");
    const heads = this.grid.table.tHead.rows[0].cells;
    for (const head of heads) head.classList.remove("open");
    heads[column + 1].classList.add("open");
  }

  // Each part that differs is a command of its own, so that one refusal does not hold up the others.
  save() {
    const lesson = this.grid.columnData(this.column);
    const { topic, homework, due, kind, title, weight } = this.form.elements;
    const next = { topic: topic.value.trim(), homework: homework.value.trim(), due: due.value, kind: kind.value, title: title.value.trim(), weight: Number(weight.value) };
    const differs = (...names) => names.some((name) => next[name] !== lesson[name]);
    const parts = [];
    if (differs("topic")) parts.push({ topic: next.topic });
    if (differs("homework") || (next.homework && lesson.due && differs("due"))) parts.push({ homework: next.homework ? { text: next.homework, ...(next.due ? { due: next.due } : {}) } : null });
    if (differs("kind", "title", "weight")) parts.push({ work: { kind: next.kind, title: next.title || null, weight: next.weight } });
    if (!parts.length) return;
    this.problem("");
    this.say("saving", "pen");
    const before = { ...lesson };
    Object.assign(lesson, next);
    this.head(this.column);
    for (const part of parts) this.queue.lesson(lesson.key, part);
    this.before = before;
  }

  head(column) {
    const lesson = this.grid.columnData(column);
    const { shorts } = this.grid.data.texts;
    const small = this.grid.table.tHead.rows[0].cells[column + 1].querySelector("small");
    small.textContent = [shorts[lesson.kind], lesson.weight > 1 ? `×${lesson.weight}` : ""].filter(Boolean).join(" ") || "\u00a0";
  }

  saved(key, body) {
    if (body.work) this.grid.reweigh(this.grid.column.get(key), body.work.weight);
  }

  // A refused part comes back: the typed text stays, the sentence stands under it.
  refused(key, detail) {
    if (this.before && this.before.key === key) Object.assign(this.grid.data.columns[this.grid.column.get(key)], this.before);
    if (this.form.dataset.lesson === key) this.problem(detail || this.grid.data.texts.refused);
  }

  problem(sentence) {
    const node = this.form.querySelector("[data-lesson-error]");
    node.textContent = sentence;
    node.hidden = !sentence;
  }
}

function titled({ number, room }, date, texts) {
  const place = /^\d/.test(room) ? texts.room.replace("{room}", room) : room;
  return [texts.lesson_title.replace("{date}", date).replace("{number}", number), place].filter(Boolean).join(", ");
}
