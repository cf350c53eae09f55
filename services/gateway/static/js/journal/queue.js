// Entries on their way to the server: one command at a time, entries of a lesson together, the same key
// again until an answer comes. Lives in memory only: no personal data is left in the browser.
import { newKey, post } from "../http.js";

const TOGETHER = 40;

export class Queue {
  // report(job, "saved" | "failed" | "waiting", answer) is called for each job.
  constructor(write, report) {
    this.write = write;
    this.report = report;
    this.jobs = [];
    this.sending = null;
    this.pause = 1000;
    window.addEventListener("online", () => this.wake());
  }

  get busy() { return this.jobs.length > 0 || this.sending !== null; }

  // entry: {pupil, mark, attendance, was, reason?, comment?}
  add(lesson, entry, more = {}) {
    const same = this.jobs.find((job) => !more.reason && job.lesson === lesson && job.entry?.pupil === entry.pupil && !job.entry.reason);
    if (same) same.entry = { ...entry, was: same.entry.was };
    else this.jobs.push({ lesson, entry, ...more });
    queueMicrotask(() => this.send());
  }

  // A command about the lesson itself: {topic}, {homework} or {work}.
  lesson(lesson, body) {
    this.jobs.push({ lesson, body });
    queueMicrotask(() => this.send());
  }

  waitsFor(lesson, pupil) {
    return [...this.jobs, ...(this.sending ?? [])].some((job) => job.lesson === lesson && job.entry?.pupil === pupil);
  }

  async send() {
    if (this.sending || !this.jobs.length) return;
    this.sending = this.take();
    const key = newKey();
    const answer = await this.deliver(this.sending, key);
    const sent = this.sending;
    this.sending = null;
    if (answer.ok) sent.forEach((job) => this.report(job, "saved", answer.body));
    else if (sent.length > 1) this.jobs.unshift(...sent.map((job) => ({ ...job, alone: true })));
    else this.report(sent[0], "failed", answer.body);
    this.send();
  }

  take() {
    const first = this.jobs[0];
    const along = (job) => job.entry && job.lesson === first.lesson && !job.alone;
    const batch = first.body || first.alone ? [first] : this.jobs.filter(along).slice(0, TOGETHER);
    this.jobs = this.jobs.filter((job) => !batch.includes(job));
    return batch;
  }

  async deliver(batch, key) {
    const [date, number] = batch[0].lesson.split(".");
    const body = batch[0].body ?? { entries: batch.map((job) => job.entry) };
    for (;;) {
      const answer = await post(`${this.write}/${date}/${number}`, body, key).catch(() => null);
      if (answer && answer.status < 500 && answer.status !== 429) {
        this.pause = 1000;
        return answer;
      }
      batch.forEach((job) => this.report(job, "waiting"));
      await this.rest();
    }
  }

  rest() {
    return new Promise((done) => {
      const timer = setTimeout(done, this.pause);
      this.pause = Math.min(this.pause * 2, 15000);
      this.wake = () => { clearTimeout(timer); done(); };
    });
  }

  wake() {}
}
