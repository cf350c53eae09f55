"""diaryctl: the operator's console."""
