"""The paper the house can be brought back with: who keeps which sheet, recovering, and the drill."""
