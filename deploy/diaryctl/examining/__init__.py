"""The checks of `diaryctl doctor`, by what they look at."""
