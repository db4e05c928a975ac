DELETE FROM link_index
