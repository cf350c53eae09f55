"""What readers of the log may rely on; part of the AsyncAPI document."""

GUARANTEES = """\
Every fact of School Diary is an event on one of three topics. Events are never changed and never removed.

- **Order.** Events of one partition key stand on the log in the order of their streams: of one stream always, and all
  streams with one key (a group, its timetable and its lessons) share a partition. Between keys there is no order.
- **Duplicates.** Delivery is at least once. A record with a `streamversion` you have already seen for its `subject` is
  the same event again: drop it. A higher one than the next means that you have not read from the beginning.
- **Whole commits.** Events of one command have one `commitnumber`; the last of them has `streamversion` equal to
  `commitlast`.
- **Personal values** are sealed with the key of the person they are about. Readers outside the system see the sealed
  form; ids, marks, dates and weights are in clear.
- **Erasure.** When a person is erased, the key is destroyed: the event stays, its sealed values can never be opened
  again. Treat a value that does not open as absent. Do not copy opened values to where an erasure does not reach.
  `PersonErased` tells every reader who it was, after the keys are gone; `DiaryErased` names the lessons that held a
  pupil's words.
- **Retention** is for ever: `retention.ms` and `retention.bytes` are -1, topics are not compacted, the number of
  partitions never changes.
- **Evolution.** The meaning of (type, schema) never changes. A field may be added to a schema; anything else is a new
  schema number of the same type. Ignore fields and types that you do not know.
- **No secrets.** No password, code or token is ever on the log.
"""
