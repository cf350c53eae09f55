// From a key to a command: write, clear, undo. The grid shows at once, the queue brings it to the server.
const AWAY = ["absent", "excused", "ill"];

export class Entry {
  constructor(grid, queue, say) {
    this.grid = grid;
    this.queue = queue;
    this.say = say;
    this.done = [];
    this.armed = null;
  }

  mark(value) {
    const [row, column] = this.grid.at;
    const before = this.grid.read(row, column);
    if (AWAY.includes(before.attendance) && !before.mark && !this.confirmed(value, "armed")) return;
    this.write(row, column, { ...before, mark: value });
  }

  // A mark beside an absence is likely a slip of the hand: the first press asks, the same key again writes.
  confirmed(value, question) {
    const ask = `${this.grid.at} ${value}`;
    if (this.armed === ask) return true;
    this.disarm();
    this.armed = ask;
    this.grid.current.classList.add("armed");
    this.say(question, "amber");
    return false;
  }

  disarm() {
    this.armed = null;
    this.grid.table.querySelector(".armed")?.classList.remove("armed");
  }

  attendance(state) {
    const [row, column] = this.grid.at;
    const before = this.grid.read(row, column);
    if (before.mark && AWAY.includes(state) && !this.confirmed(state, "armed_mark")) return;
    this.write(row, column, { ...before, attendance: state });
  }

  clear() { this.write(...this.grid.at, { mark: null, attendance: null }); }

  write(row, column, after, more = {}) {
    const lesson = this.grid.columnData(column);
    const closed = lesson.locked ? "locked" : lesson.key.slice(0, 10) > this.grid.data.today ? "future" : null;
    if (closed) { this.say(closed, "amber"); return; }
    const was = this.grid.read(row, column);
    this.disarm();
    const same = was.mark === after.mark && was.attendance === after.attendance;
    if (same && more.comment === undefined) return;
    const pupil = this.grid.pupil(row);
    if (!more.undoes) this.done.push({ pupil, key: lesson.key, was, after });
    this.grid.paint(row, column, after);
    this.grid.state(row, column, "pending");
    this.queue.add(lesson.key, { pupil, ...after, was, ...words(more) }, { reason: more.reason });
    this.say("saving", "pen");
  }

  // Nothing is unmade: the value before is entered again, if the cell still holds ours.
  undo() {
    const last = this.done.pop();
    const place = last && this.grid.find(last.pupil, last.key);
    if (!place) { this.say("nothing_to_undo", "plain"); return; }
    const now = this.grid.read(...place);
    if (now.mark !== last.after.mark || now.attendance !== last.after.attendance) { this.undo(); return; }
    this.grid.focus(...place);
    const reason = now.mark ? this.grid.data.texts.undo_reason : undefined;
    this.write(...place, last.was, { undoes: true, reason });
  }

  // A cell that could not be saved shows what the server has; it is no longer ours to undo.
  forget(pupil, key) { this.done = this.done.filter((one) => one.pupil !== pupil || one.key !== key); }
}

function words({ reason, comment }) {
  return { ...(reason ? { reason } : {}), ...(comment === undefined ? {} : { comment: comment || null }) };
}
