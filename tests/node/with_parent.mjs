// Ends this process when the one that started it is gone, however that ended: its end of stdin closes.
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
