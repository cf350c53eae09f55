"""Getting schools in from files of other systems."""
