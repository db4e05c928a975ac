-- The two steps before serve whoever this index served, and do not grow with what is closed.
DROP INDEX work_item_open;
