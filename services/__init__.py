"""The services of School Diary; each is a package of its own and imports no other."""
