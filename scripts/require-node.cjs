// Plain JavaScript, so that an older Node can still read why it is not enough.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  process.stderr.write(`Gatehouse needs Node 24 or newer and was started with ${process.version}.\n`);
  process.exit(1);
}
