// Another teacher's entries appear by themselves; a cell that is still ours on its way is left alone.
export function updates(grid, queue, entry) {
  if (!window.EventSource) return;
  const presence = document.querySelector("[data-presence]");
  const source = new EventSource(grid.data.updates);
  source.addEventListener("cell", (message) => {
    const { lesson, pupil, mark, attendance, by } = JSON.parse(message.data);
    const key = lesson.split(".").slice(-2).join(".");
    const place = grid.find(pupil, key);
    if (!place || queue.waitsFor(key, pupil)) return;
    const now = grid.read(...place);
    if (now.mark === (mark ?? null) && now.attendance === (attendance ?? null)) return;
    entry.forget(pupil, key);
    grid.paint(...place, { mark: mark ?? null, attendance: attendance ?? null });
    arrived(grid.cell(...place));
    if (by) presence.textContent = `${by} ${grid.data.texts.also_here}`;
  });
  window.addEventListener("pagehide", () => source.close());
}

export function arrived(cell) {
  cell.classList.remove("arrived");
  void cell.offsetWidth;
  cell.classList.add("arrived");
}
