// A key of the keyboard presses the same key of the telephone.
import { listenToKeys } from "./keys.js";

listenToKeys();
