// The journal page: wires grid, queue, entry, panel, dialogs and live updates.
import { Details } from "./details.js";
import { Entry } from "./entry.js";
import { Grid } from "./grid.js";
import { meaning } from "./keys.js";
import { Lesson } from "./lesson.js";
import { Paste } from "./paste.js";
import { Queue } from "./queue.js";
import { arrived, updates } from "./updates.js";

const island = document.getElementById("journal");
if (island) start(JSON.parse(island.textContent));

function start(data) {
  const status = document.querySelector("[data-status]");
  const say = (text, tone = "plain") => {
    status.textContent = data.texts[text] ?? text;
    status.className = `pill pill-${tone}`;
  };
  const grid = new Grid(document.querySelector("table.grid"), data);
  const failed = new Map();
  const queue = new Queue(data.write, (job, outcome, answer) => report(job, outcome, answer ?? {}));
  const entry = new Entry(grid, queue, say);
  const lesson = new Lesson(grid, queue, say);
  const details = new Details(grid, entry);
  const paste = new Paste(grid, entry, say);

  function report(job, outcome, answer) {
    if (outcome === "waiting") { say("offline", "amber"); return; }
    if (job.body) {
      if (outcome === "failed") lesson.refused(job.lesson, answer.detail);
      else lesson.saved(job.lesson, job.body);
    } else if (outcome === "saved") {
      settle(job);
    } else {
      refuse(job, answer);
      return;
    }
    if (!queue.busy && !failed.size && outcome === "saved") say("saved", "green");
    if (outcome === "failed") say(answer.detail ?? "refused", "red");
  }

  function settle({ lesson: key, entry: { pupil } }) {
    failed.delete(`${pupil} ${key}`);
    const place = grid.find(pupil, key);
    if (place && !queue.waitsFor(key, pupil)) grid.state(...place, null);
  }

  // A cell changed by somebody else shows theirs; a correction without a reason asks for it; the rest can be retried.
  function refuse({ lesson: key, entry: sent }, answer) {
    const place = grid.find(sent.pupil, key);
    entry.forget(sent.pupil, key);
    if (answer.code === "cell-changed") {
      const { mark = null, attendance = null } = answer.params ?? answer;
      grid.paint(...place, { mark, attendance });
      grid.state(...place, null);
      arrived(grid.cell(...place));
      say("changed", "amber");
    } else if (answer.field === "reason") {
      grid.paint(...place, sent.was);
      grid.state(...place, null);
      if (!queue.busy && !failed.size) say("saved", "green");
      details.open(place, { mark: sent.mark ?? "", problem: answer.detail ?? data.texts.reason_needed });
    } else {
      failed.set(`${sent.pupil} ${key}`, sent);
      grid.state(...place, "failed");
      say(answer.detail ?? "failed", "red");
    }
  }

  function retry() {
    const name = `${grid.pupil()} ${grid.columnData().key}`;
    const sent = failed.get(name);
    if (!sent) return false;
    failed.delete(name);
    grid.state(...grid.at, "pending");
    queue.add(grid.columnData().key, sent);
    return true;
  }

  const actions = {
    move: ({ by }) => grid.move(by),
    enter: ({ by }) => { if (!retry()) grid.move(by); },
    mark: ({ value }) => entry.mark(value),
    attendance: ({ value }) => entry.attendance(value),
    clear: () => entry.clear(),
    undo: () => entry.undo(),
    details: () => details.open(),
    help: () => help(),
    escape: () => { entry.disarm(); document.getElementById("keys").classList.remove("shown"); },
    unknown: () => say("not_a_mark", "amber"),
  };

  function act(wish) {
    if (wish.do !== "mark" && wish.do !== "attendance") entry.disarm();
    actions[wish.do](wish);
    lesson.show(grid.at[1]);
  }

  grid.table.addEventListener("keydown", (event) => {
    if (!grid.place(event.target)) return;
    const wish = meaning(event, data.values);
    if (!wish) return;
    event.preventDefault();
    act(wish);
  });
  grid.table.addEventListener("focusin", (event) => {
    const place = grid.place(event.target);
    if (place && String(place) !== String(grid.at)) grid.focus(...place);
    if (place) { grid.current.setAttribute("aria-label", grid.label(...place)); lesson.show(place[1]); }
  });
  grid.table.addEventListener("dblclick", (event) => grid.place(event.target) && details.open());
  grid.table.tHead.addEventListener("click", (event) => {
    const head = event.target.closest("[data-column]");
    if (!head) return;
    event.preventDefault();
    grid.focus(grid.at[0], grid.column.get(head.dataset.column));
  });
  document.addEventListener("paste", (event) => {
    if (!grid.place(document.activeElement)) return;
    event.preventDefault();
    paste.open(event.clipboardData.getData("text/plain"));
  });
  window.addEventListener("beforeunload", (event) => { if (queue.busy) event.preventDefault(); });
  keypad(act, grid, data);
  updates(grid, queue, entry);
  grid.scrollToLesson();
}

function help() {
  const keys = document.getElementById("keys");
  keys.classList.toggle("shown");
  keys.scrollIntoView({ block: "nearest" });
}

// A phone has no digits at hand: the keys stand at the bottom, and a mark goes on to the next pupil.
function keypad(act, grid, data) {
  const pad = document.querySelector("[data-keypad]");
  pad.hidden = false;
  pad.addEventListener("click", (event) => {
    const key = event.target.closest("button")?.dataset.key;
    if (!key) return;
    const wish = meaning({ key, code: "" }, data.values);
    act(wish);
    if (wish.do === "mark" || wish.do === "attendance") {
      if (!grid.current.classList.contains("armed")) grid.move([1, 0]);
    }
  });
}
