// F2: a cell's comment and history, and its correction with a reason.
export class Details {
  constructor(grid, entry) {
    this.grid = grid;
    this.entry = entry;
    this.dialog = document.getElementById("details");
    this.form = this.dialog.querySelector("form");
    this.dialog.addEventListener("close", () => this.closed());
    this.form.addEventListener("submit", (event) => this.check(event));
  }

  open(place = this.grid.at, { mark, problem } = {}) {
    this.place = [...place];
    const { texts } = this.grid.data;
    const was = this.grid.read(...place);
    const known = this.known();
    this.dialog.querySelector("h2").textContent = this.grid.name(place[0]);
    const about = this.grid.label(...place).split(", ").slice(1);
    this.dialog.querySelector("[data-details-about]").textContent = about.join(", ");
    this.form.elements.mark.value = mark ?? was.mark ?? "";
    this.form.elements.reason.value = "";
    this.form.elements.comment.value = known.comment ?? "";
    this.problem(problem);
    this.history(known, texts);
    this.dialog.returnValue = "";
    this.dialog.showModal();
    const first = problem ? this.form.elements.reason : this.form.querySelector('[name="mark"]:checked');
    first?.focus();
  }

  known() {
    const key = `${this.grid.pupil(this.place[0])} ${this.grid.columnData(this.place[1]).key}`;
    return (this.grid.data.details[key] ??= { comment: null, posted: null, history: [] });
  }

  history(known, texts) {
    const list = document.createElement("ul");
    list.className = "history";
    const when = (iso) => new Date(iso).toLocaleString(this.grid.data.lang, { day: "numeric", month: "long", hour: "numeric", minute: "2-digit", timeZone: this.grid.data.zone });
    for (const change of known.history) {
      list.append(line(`${change.was ?? "—"} → ${change.value ?? texts.withdrawn}`, [when(change.at), change.by], change.reason));
    }
    if (known.posted) list.append(line(texts.posted, [when(known.posted)]));
    this.dialog.querySelector("[data-details-history]").replaceChildren(list);
  }

  problem(sentence) {
    const node = this.dialog.querySelector("[data-details-error]");
    node.textContent = sentence ?? "";
    node.hidden = !sentence;
  }

  values() {
    const { mark, reason, comment } = this.form.elements;
    return { mark: mark.value || null, reason: reason.value.trim(), comment: comment.value.trim() };
  }

  check(event) {
    if (event.submitter?.value !== "save") return;
    const was = this.grid.read(...this.place);
    const next = this.values();
    if (was.mark && next.mark !== was.mark && !next.reason) {
      event.preventDefault();
      this.problem(this.grid.data.texts.reason_needed);
      this.form.elements.reason.focus();
    }
  }

  closed() {
    this.grid.focus(...this.place);
    if (this.dialog.returnValue !== "save") return;
    const was = this.grid.read(...this.place);
    const { mark, reason, comment } = this.values();
    const known = this.known();
    const changed = comment !== (known.comment ?? "");
    if (was.mark && mark !== was.mark) {
      known.history.push({ was: was.mark, value: mark, at: new Date().toISOString(), by: null, reason });
      this.grid.current.classList.add("corrected");
    }
    known.comment = comment || null;
    this.entry.write(...this.place, { ...was, mark }, { reason, ...(changed ? { comment } : {}) });
  }
}

function line(strong, rest, quote) {
  const item = document.createElement("li");
  const head = document.createElement("strong");
  head.textContent = strong;
  item.append(head, ` · ${rest.filter(Boolean).join(" · ")}`);
  if (quote) {
    const words = document.createElement("span");
    words.className = "quote";
    words.textContent = quote;
    item.append(words);
  }
  return item;
}
