// The record as a page of its own: the same keys as beside a conversation.

import { RecordForm } from "./record.js";

const form = document.querySelector("[data-record]");
if (form) new RecordForm(form).focus();
