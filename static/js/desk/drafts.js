// Keeps, while the desk is locked, what the advocate had in her hands: her drafts and what only this page knew of a talk.

const FIELDS = "textarea[data-at], input[data-at]";

const fieldsOf = ({ pane, side }) => [pane.element, side.element].flatMap((part) => [...part.querySelectorAll(FIELDS)]);

export class Drafts {
  constructor() {
    // Conversation -> {typed, droppedAt, isPutAway}.
    this.kept = new Map();
    this.active = "";
  }

  // talks: a Talks; panes: talk -> {pane, side}.
  keep(talks, panes) {
    this.active = talks.active?.id ?? "";
    for (const talk of talks.byId.values()) {
      const { id, droppedAt, isPutAway } = talk;
      const made = panes.get(talk);
      const typed = made ? fieldsOf(made).filter(({ value }) => value).map((field) => [field.dataset.at, field.value]) : [];
      this.kept.set(id, { typed, droppedAt, isPutAway });
    }
  }

  // What was known of it, before it is drawn again. An answer from before a drop stays one.
  remind(talk) {
    const { droppedAt, isPutAway } = this.kept.get(talk.id) ?? {};
    if (droppedAt) talk.droppedAt = Math.max(droppedAt, talk.droppedAt ?? 0);
    if (isPutAway) talk.isPutAway = true;
  }

  // Into its fields, once they are there.
  giveBack(talk, made) {
    const kept = this.kept.get(talk.id);
    if (!kept || !made) return;
    this.kept.delete(talk.id);
    const fields = fieldsOf(made);
    for (const [name, value] of kept.typed) {
      const field = fields.find(({ dataset }) => dataset.at === name);
      if (field) field.value = value;
    }
  }
}
