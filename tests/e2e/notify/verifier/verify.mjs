// Holds recorded webhooks against the off-the-shelf verifier: node verify.mjs SECRET FILE
// FILE: a JSON array of {headers, body}. Prints a line of JSON for each: its body, or {"refused": why}.
import { readFileSync } from "node:fs";
import { Webhook } from "standardwebhooks";

const [secret, file] = process.argv.slice(2);
const verifier = new Webhook(secret);
for (const { headers, body } of JSON.parse(readFileSync(file, "utf8"))) {
  try {
    console.log(JSON.stringify(verifier.verify(body, headers)));
  } catch (error) {
    console.log(JSON.stringify({ refused: String(error.message) }));
  }
}
