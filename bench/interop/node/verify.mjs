// Verifies bundles with @sigstore/verify by a public key: node verify.mjs KEY.pem FILE; ends with 1 when one is wrong.
import { createPublicKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { bundleFromJSON } from "@sigstore/bundle";
import { Verifier, toSignedEntity, toTrustMaterial } from "@sigstore/verify";

const [keyFile, file] = process.argv.slice(2);
const key = createPublicKey(readFileSync(keyFile));
const always = { publicKey: key, validFor: () => true };
const nothing = { tlogs: [], ctlogs: [], certificateAuthorities: [], timestampAuthorities: [] };
const trust = { ...toTrustMaterial({ mediaType: "", ...nothing }, () => always) };
const verifier = new Verifier(trust, { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0, tsaThreshold: 0 });

for (const line of readFileSync(file, "utf8").split("\n").filter(Boolean)) {
  const bundle = bundleFromJSON(JSON.parse(line));
  try {
    verifier.verify(toSignedEntity(bundle));
    console.log("good", bundle.mediaType, bundle.content.dsseEnvelope.payloadType);
  } catch (fault) {
    console.log("wrong", fault.code ?? "", fault.message);
    process.exitCode = 1;
  }
}
