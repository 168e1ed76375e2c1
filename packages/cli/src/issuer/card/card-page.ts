import { escapeHtml } from '@symbolon/protocol/foreign-text';
import { qrSvg } from '../../qr/svg-image.ts';
import type { CardContent } from './card-content.ts';
import { cardStyle, type Paper } from './card-style.ts';
import { localTime } from './card-time.ts';

export interface CardLayout {
  readonly paper: Paper;
  /** IANA name: in which times are printed. */
  readonly timeZone: string;
}

/** Nothing is loaded, nothing runs: what is printed is what the file says. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/**
 * A card, or the label of an asset, as one HTML file: no script, nothing from the network, black on white. Every text in it that is not ours is escaped.
 */
export function cardPage(card: CardContent, { paper, timeZone }: CardLayout): string {
  const both = ({ zh, en }: { zh: string; en: string }) =>
    `${escapeHtml(zh)} <span lang="en">${escapeHtml(en)}</span>`;
  const time = (at: CardContent['validUntil']) => escapeHtml(localTime(at, timeZone));
  const sampled =
    card.sampledAt === undefined ? '' : `<p>采样 <span lang="en">Sample</span> ${time(card.sampledAt)}</p>`;
  const contested = card.contested ? '<p class="contested">有异议 <span lang="en">CONTESTED</span></p>' : '';
  const status = `<p class="until">有效期至 <span lang="en">Valid until</span><br>${time(card.validUntil)}</p>
<p class="zone">${escapeHtml(timeZone)}</p>
${sampled}<p>依据 <span lang="en">Rule</span> ${escapeHtml(card.rule)}</p>
${contested}`;
  return `<!doctype html>
<html lang="zh">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="referrer" content="no-referrer">
<title>Symbolon</title>
<style>${cardStyle(paper)}</style>
</head>
<body>
<main class="card">
${cornerMarks('marks', 105, 74)}
<section class="words">
<p class="scheme">${both(card.scheme)}</p>
<p>${both(card.region)}</p>
<p class="level">${both(card.level)}</p>
${whose(card, status)}
</section>
${qrSvg(card.qr)}
<section class="refused">
${card.asset === undefined ? CHECK_PERSON : CHECK_ASSET}
<p>被拒绝时：请对方告知原因代码，并持本卡到${escapeHtml(card.office.zh)}查询、提出异议或换领新卡。</p>
<p lang="en">If it is refused: ask for the reason code, and go with this card to ${escapeHtml(card.office.en)}, which tells you why, takes your objection and gives you a new one.</p>
</section>
</main>
</body>
</html>
`;
}

const CHECK_PERSON = `<p>核验人员：请核对照片与姓名缩写。 <span lang="en">Verifiers: compare portrait and initials; a copy proves nothing by itself.</span></p>`;
const CHECK_ASSET = `<p>核验人员：请核对名称与实物。 <span lang="en">Verifiers: compare the name with the thing it is fixed to.</span></p>`;

function whose({ initials, asset }: CardContent, status: string): string {
  if (asset !== undefined) return `<p class="asset">${escapeHtml(asset)}</p>\n${status}`;
  return `<div class="person">
<div class="portrait">${cornerMarks('', 22, 28)}<span>照片<br>portrait</span></div>
<div><p class="initials">${escapeHtml(initials ?? '')}</p>
${status}</div>
</div>`;
}

/** Where to cut: an L in each corner. */
function cornerMarks(name: string, width: number, height: number): string {
  const LENGTH = 3;
  const path = [
    `M0 ${LENGTH}V0H${LENGTH}`,
    `M${width - LENGTH} 0H${width}V${LENGTH}`,
    `M${width} ${height - LENGTH}V${height}H${width - LENGTH}`,
    `M${LENGTH} ${height}H0V${height - LENGTH}`,
  ];
  return `<svg class="${name}" viewBox="0 0 ${width} ${height}" aria-hidden="true"><path d="${path.join('')}"/></svg>`;
}
