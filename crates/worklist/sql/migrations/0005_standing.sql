-- Open items in the order in which nights have opened them: a night reads all of them, and nothing of what is closed.
CREATE INDEX work_item_standing ON work_item (id) WHERE state = 'open';
