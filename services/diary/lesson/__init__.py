"""One lesson: topic, homework, work, attendance and marks."""
