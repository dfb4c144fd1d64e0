"""The pages of the tip room: the reporter's, and the desk's."""
