// Which version of the line knows an act: an older server would end the line over it.

const SINCE = {
  Ask: 3,
  StillHere: 3,
  Withdraw: 3,
  TakeDown: 3,
  MarkDanger: 4,
  EndDanger: 4,
  HoldOff: 4,
  MayBeOther: 4,
  AskKeep: 4,
  AskColleagues: 4,
  HandOff: 4,
  KeepHere: 4,
  Decline: 4,
  TakeOver: 4,
  HistoryShown: 4,
  PhoneWord: 4,
  UseWord: 4,
  Watch: 4,
  StopWatching: 4,
  Whisper: 4,
  Join: 5,
  AskGuest: 5,
  SendAway: 5,
  ComeIn: 5,
  SayYes: 5,
  CallHelp: 5,
  ClosesAsLast: 5,
  Tick: 5,
};

export const knows = (version, type) => !(type in SINCE) || Number(version.slice(5)) >= SINCE[type];
