// Calls an advocate who looks elsewhere: a number in the title, a tone, a notice without anybody's words.

const AGAIN_AFTER = 20000;
const NOT_SOONER = 3000;
// Hertz, one after the other; somebody waits, words came, or somebody is called for.
const TONES = { waiting: [660, 880], words: [880], call: [880, 660, 880] };
const NOTICES = { waiting: "noticeWaiting", words: "noticeWords", call: "noticeCall" };
const LASTS = 0.16;
const LOUD = 0.2;

export class Alarm {
  // tag says whether the sound is on, button turns it on and tries it.
  constructor({ tag, button, words }) {
    Object.assign(this, { tag, button, words });
    this.title = document.title;
    this.known = new Set();
    this.unread = 0;
    this.rangAt = 0;
    this.sound = null;
    this.notice = null;
    this.drawn = null;
    button.addEventListener("click", () => this.wake());
    document.addEventListener("visibilitychange", () => this.#quiet());
  }

  // A press of hers: only then may a page sound, and ask whether it may show notices.
  async wake() {
    this.sound = this.sound || new AudioContext();
    await this.sound.resume();
    this.#play("waiting");
    this.draw();
    if (window.Notification && Notification.permission === "default") await Notification.requestPermission();
  }

  get isOn() {
    return this.sound !== null && this.sound.state === "running";
  }

  // Each second. rows: who waits, empty for whoever takes nobody now; calls: what this desk is called for until
  // somebody says yes; unread: words she has not seen.
  look({ rows, calls, unread, now }) {
    const count = rows.length + calls.length + unread;
    const title = count ? `(${count}) ${this.title}` : this.title;
    if (document.title !== title) document.title = title;
    const isNew = rows.some(({ conversation }) => !this.known.has(conversation));
    const isCalled = calls.some(({ call }) => !this.known.has(call));
    this.known = new Set([...rows.map(({ conversation }) => conversation), ...calls.map(({ call }) => call)]);
    if (isCalled || (calls.length && now - this.rangAt >= AGAIN_AFTER)) this.#ring("call", now);
    else if (isNew || (rows.length && now - this.rangAt >= AGAIN_AFTER)) this.#ring("waiting", now);
    else if (unread > this.unread) this.#ring("words", now);
    this.unread = unread;
    this.draw();
  }

  // Only what changed: each writing of a status is read out.
  draw() {
    if (this.drawn === this.isOn) return;
    this.drawn = this.isOn;
    this.tag.textContent = this.words.say(this.isOn ? "soundOn" : "soundOff");
    this.tag.className = `desk-tag ${this.isOn ? "is-quiet" : "is-hold"}`;
    this.button.textContent = this.words.say(this.isOn ? "soundTest" : "soundTurnOn");
  }

  #ring(what, now) {
    if (what === "words" && now - this.rangAt < NOT_SOONER) return;
    this.rangAt = now;
    if (this.isOn) this.#play(what);
    // Whoever stands behind her reads it too: it says that something is there, and nothing of it.
    if (!document.hidden || !window.Notification || Notification.permission !== "granted") return;
    this.notice = new Notification(this.words.say(NOTICES[what]), {
      tag: "desk",
      silent: true,
    });
  }

  #quiet() {
    if (document.hidden || !this.notice) return;
    this.notice.close();
    this.notice = null;
  }

  #play(what) {
    TONES[what].forEach((pitch, place) => {
      const from = this.sound.currentTime + place * LASTS;
      const note = this.sound.createOscillator();
      const volume = this.sound.createGain();
      note.frequency.value = pitch;
      volume.gain.setValueAtTime(LOUD, from);
      volume.gain.linearRampToValueAtTime(0, from + LASTS);
      note.connect(volume).connect(this.sound.destination);
      note.start(from);
      note.stop(from + LASTS);
    });
  }
}
