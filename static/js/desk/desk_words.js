// The desk's words: those of every page, and the names of the languages.

import { Words } from "../chat/words.js";
import { asName } from "./tags.js";

export class DeskWords extends Words {
  // A language by its name in the desk's language; a tag we have no name for stands as it is.
  language(tag) {
    return (tag && this.say(`language${asName(tag)}`)) || tag;
  }

  // Whether this advocate reads it; what nobody has told counts as read.
  reads(tag) {
    const known = this.say("iRead").split(" ").filter(Boolean);
    return !tag || !known.length || known.includes(tag);
  }

  // A kind of danger, and how one ended.
  danger(kind) {
    return this.say(`danger${kind[0].toUpperCase()}${kind.slice(1)}`);
  }

  outcome(outcome) {
    return this.say(`outcome${outcome[0].toUpperCase()}${outcome.slice(1)}`);
  }

  // What somebody is called for; a kind of a newer house is a call like any other.
  call(kind) {
    return this.say(`call${kind[0].toUpperCase()}${kind.slice(1)}`) || this.say("callOther");
  }

  // A number that the page was given with its words.
  number(name) {
    return Number(this.say(name));
  }

  nameOf(talk) {
    return talk.name ? Words.apart(talk.name) : this.say("person", { n: talk.number });
  }

  // What she answered when asked whether she is safe, with its age. It may be somebody else who is there since: then
  // it counts as not given.
  safeOf(talk, now, asAge) {
    const { safe, other } = talk.card;
    if (talk.isSafeStale) return this.say(other ? "safeNone" : "safeDrop");
    if (!safe) return this.say("safeNone");
    const age = this.say("age", { time: asAge((now - talk.safeSince) / 1000) });
    return `${this.say(`safe${safe[0].toUpperCase()}${safe.slice(1)}`)} · ${age}`;
  }

  // What is known of a visitor's line, in words.
  lineOf(talk, now, asAge) {
    if (talk.isOver) return this.say(talk.how === "exit" ? "lineLeft" : "ended");
    if (talk.line === "covered") return this.say("lineCovered", { time: asAge((now - talk.coveredSince) / 1000) });
    if (talk.line === "gone") return this.say("lineGone", { time: asAge((now - talk.goneSince) / 1000) });
    if (talk.line === "left" && talk.backUntil > now) {
      return this.say("lineLeftBack", { time: asAge((talk.backUntil - now) / 1000) });
    }
    return this.say({ weak: "lineWeak", hidden: "lineHidden", left: "lineLeft" }[talk.line] ?? "lineConnected");
  }
}
