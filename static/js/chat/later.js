// Brings what the talk's page needs only once it has a line: the ways back from a cover, and the long notice.

import { Covered } from "./covered.js";
import { LongNotice } from "./long_notice.js";

const asked = {};
document.dispatchEvent(new CustomEvent("page:cover", { detail: asked }));
const { cover } = asked;
new Covered(cover);
new LongNotice({ element: cover.talk.long, words: cover.talk.words });
