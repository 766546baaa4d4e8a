// Runs Lighthouse for a phone on each page. Reads {chromium, flags, cookie, urls} from standard input; prints one line of
// JSON a page: its four scores, and the audits that cost it points.
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";
import { text } from "node:stream/consumers";

const WANTED = ["performance", "accessibility", "best-practices", "seo"];
const { chromium, flags, cookie, urls } = JSON.parse(await text(process.stdin));
const chrome = await launch({ chromePath: chromium, chromeFlags: ["--headless=new", ...flags], logLevel: "silent" });
try {
  for (const url of urls) {
    const wanted = { port: chrome.port, logLevel: "error", onlyCategories: WANTED, extraHeaders: { Cookie: cookie } };
    const { lhr } = await lighthouse(url, wanted);
    const categories = Object.values(lhr.categories);
    const weighty = categories.flatMap((one) => one.auditRefs.filter((ref) => ref.weight > 0).map((ref) => ref.id));
    const lost = weighty.map((id) => lhr.audits[id]).filter((audit) => audit.score !== null && audit.score < 0.995);
    const scores = Object.fromEntries(categories.map((one) => [one.id, Math.round(one.score * 100)]));
    const page = new URL(lhr.finalDisplayedUrl).pathname;
    const why = lost.map((audit) => `${audit.id}: ${audit.displayValue ?? audit.title}`);
    const blocking = lhr.audits["total-blocking-time"].numericValue;
    process.stdout.write(`${JSON.stringify({ page, scores, why, blocking })}\n`);
  }
} finally {
  await chrome.kill();
}
