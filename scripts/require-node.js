// Plain JavaScript for any Node: says clearly what is missing before anything else can fail in a way that nobody understands.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `Symbolon needs Node 22.18 or newer; this is Node ${process.versions.node}.\n` +
      'On Linux (x64, arm64) "npm install" brings Node 24 along: run it without --omit=optional.\n' +
      'On other systems install Node 24 first.',
  );
  process.exit(1);
}
