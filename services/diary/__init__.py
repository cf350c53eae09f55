"""The diary service: the school, its classes, journals, marks and diaries."""
