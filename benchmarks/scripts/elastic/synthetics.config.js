module.exports = () => ({
  params: {url: process.env.BENCH_URL},
  playwrightOptions: {
    executablePath: process.env.BENCH_BROWSER,
    chromiumSandbox: process.getuid() !== 0,
  },
});
