// The list of those we did not get to talk with: kept fresh, so that two people do not take the same child.

import { LivePart } from "./live.js";

new LivePart(document.getElementById("page"), () => {}).start();
