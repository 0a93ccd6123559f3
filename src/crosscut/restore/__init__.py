"""What did the caption machine lose?  For now: where a sentence may begin, so that no parser sees an endless one."""
