// Tells the other windows of this browser that the desk was locked or opened, so that none goes on showing what it has.

export class OtherWindows {
  // locked() and opened() are called for what another window tells; a browser without such a channel tells nothing.
  constructor({ locked = () => {}, opened = () => {} }) {
    this.channel = window.BroadcastChannel ? new BroadcastChannel("desk") : null;
    if (this.channel) this.channel.onmessage = ({ data }) => ({ locked, opened })[data]?.();
  }

  tellLocked() {
    this.channel?.postMessage("locked");
  }

  tellOpened() {
    this.channel?.postMessage("opened");
  }
}
