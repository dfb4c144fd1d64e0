import test from "node:test";
import assert from "node:assert/strict";
import { Regions } from "../../static/js/desk/regions.js";

const NAMES = {
  ca: "Canada|Canadá|كندا",
  "ca-ab": "Alberta|ألبرتا",
  "ca-bc": "British Columbia|Colombie-Britannique|Columbia Británica|كولومبيا البريطانية",
  "ca-nl": "Newfoundland and Labrador|Terre-Neuve-et-Labrador|Newfoundland",
  "ca-nu": "Nunavut|نونافوت",
  "ca-on": "Ontario|أونتاريو",
  "ca-qc": "Quebec|Québec|كيبيك",
  us: "United States|États-Unis|USA|U.S.A.",
  mx: "Mexico|Mexique|México",
};
const element = {
  children: Object.entries(NAMES).map(([id, names]) => ({ dataset: { region: id, country: id.slice(0, 2), names } })),
};
const known = new Regions(element, "ca-on");

const FOUND = {
  "ca-on": ["Ontario", " ontario. ", "ONTARIO", "Toronto, Ontario", "in a hotel near Toronto Ontario", "Ontario, Canada", "Ontario Canada", "Toronto, ON", "Toronto ON", "on", "ca-on", "CA ON", "Toronto, ON, CA", "Ontarrio", "أونتاريو", "اونتاريو", "في أونتاريو، كندا"],
  "ca-qc": ["Québec", "quebec", "QUÉBEC", "Montréal, QC", "au Québec"],
  "ca-bc": ["british colombia", "Colombie Britannique", "bc", "Vancouver, BC, Canada", "columbia britanica"],
  "ca-nl": ["Newfoundland", "terre neuve et labrador", "St. John's, NL"],
  ca: ["Canada", "CA", "somewhere in Canada", "كندا"],
  us: ["USA", "Los Angeles, CA, USA", "U.S.A.", "the united states", "etats unis"],
  mx: ["méxico"],
};

test("a region is known by its name in any language, its code, and with one slip", () => {
  for (const [id, all] of Object.entries(FOUND)) for (const typed of all) assert.equal(known.find(typed), id, typed);
});

test("where nothing fits, or two regions do, none is named", () => {
  const none = ["", " ", "?", "Nunavik", "come with us", "he is on", "later on", "I am here", "New Mexico", "Ontario, California", "Ontario or Quebec", "Quebec, Alberta", "London", "نيو مكسيكو", "NOT ON", "Monterrey", "Los Angeles, CA", "San Diego CA"];
  for (const typed of none) assert.equal(known.find(typed), "", typed);
});

test("every name and code the house knows finds its own region, whatever stands before it", () => {
  for (const { id, names } of known.all) {
    assert.equal(known.find(id), id);
    for (const name of names) for (const typed of [name, `x ${name.toUpperCase()}`]) assert.equal(known.find(typed), id, typed);
  }
});

test("the short code of a part is a word like any other in a house of another country", () => {
  const elsewhere = new Regions(element, "us");
  assert.equal(elsewhere.find("Amsterdam, NL"), "");
  assert.equal(elsewhere.find("St. John's, CA-NL"), "ca-nl");
  assert.equal(elsewhere.find("Toronto, Ontario"), "ca-on");
});
