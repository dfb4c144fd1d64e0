// What happened in a talk, by the line that says so; and what a machine made of somebody's words.

export const HAPPENED = { joined: "joined", handed: "handHanded", watched: "watchReads", unwatched: "watchStopped", entered: "watchWrites", went: "watchWent", guest: "guestIn", guest_gone: "guestOut", returned: "wasReturned", back: "cameBack", asked: "wasAsked", stayed: "stayed", here: "wasHere", kept: "kept", unkept: "unkept", held_off: "boundaryOff", let_in: "boundaryIn", may_translate: "machineAsked", not_translated: "machineAway" };

// The frames about it; panes: of the view.
export const hearsMachine = (frame, talk, panes) => ({
  MessageTranslated: () => panes.get(talk)?.pane.translated(talk.transcript.bySeq.get(frame.seq), frame),
  WordsTried: () => panes.get(talk)?.pane.tried.show(frame),
});
