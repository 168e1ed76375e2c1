/** Ids and names of a large federation: the provinces are real (ISO 3166-2:CN), the cities below them are made up. */

export interface NamedRegion {
  readonly id: string;
  /** Nothing for a province. */
  readonly parent: string | undefined;
  readonly names: { readonly en: string; readonly zh: string };
}

const PROVINCES = [
  ['AH', 'Anhui', '安徽省'],
  ['BJ', 'Beijing', '北京市'],
  ['CQ', 'Chongqing', '重庆市'],
  ['FJ', 'Fujian', '福建省'],
  ['GD', 'Guangdong', '广东省'],
  ['GS', 'Gansu', '甘肃省'],
  ['GX', 'Guangxi', '广西壮族自治区'],
  ['GZ', 'Guizhou', '贵州省'],
  ['HA', 'Henan', '河南省'],
  ['HB', 'Hubei', '湖北省'],
  ['HE', 'Hebei', '河北省'],
  ['HI', 'Hainan', '海南省'],
  ['HK', 'Hong Kong', '香港特别行政区'],
  ['HL', 'Heilongjiang', '黑龙江省'],
  ['HN', 'Hunan', '湖南省'],
  ['JL', 'Jilin', '吉林省'],
  ['JS', 'Jiangsu', '江苏省'],
  ['JX', 'Jiangxi', '江西省'],
  ['LN', 'Liaoning', '辽宁省'],
  ['MO', 'Macao', '澳门特别行政区'],
  ['NM', 'Inner Mongolia', '内蒙古自治区'],
  ['NX', 'Ningxia', '宁夏回族自治区'],
  ['QH', 'Qinghai', '青海省'],
  ['SC', 'Sichuan', '四川省'],
  ['SD', 'Shandong', '山东省'],
  ['SH', 'Shanghai', '上海市'],
  ['SN', 'Shaanxi', '陕西省'],
  ['SX', 'Shanxi', '山西省'],
  ['TJ', 'Tianjin', '天津市'],
  ['TW', 'Taiwan', '台湾省'],
  ['XJ', 'Xinjiang', '新疆维吾尔自治区'],
  ['XZ', 'Xizang', '西藏自治区'],
  ['YN', 'Yunnan', '云南省'],
  ['ZJ', 'Zhejiang', '浙江省'],
] as const;

const FIRST = [
  ['an', '安'],
  ['bao', '宝'],
  ['chang', '长'],
  ['dong', '东'],
  ['feng', '丰'],
  ['guang', '广'],
  ['he', '和'],
  ['jin', '金'],
  ['lin', '临'],
  ['ming', '明'],
  ['ping', '平'],
  ['qing', '清'],
  ['rui', '瑞'],
  ['tai', '泰'],
  ['wen', '文'],
  ['xing', '兴'],
  ['yong', '永'],
  ['zhen', '镇'],
] as const;
const SECOND = [
  ['bei', '北'],
  ['cheng', '城'],
  ['chuan', '川'],
  ['hai', '海'],
  ['jiang', '江'],
  ['ling', '陵'],
  ['nan', '南'],
  ['shan', '山'],
  ['xi', '西'],
  ['yang', '阳'],
  ['yuan', '源'],
  ['zhou', '州'],
] as const;

const NAMES = FIRST.length * SECOND.length;

/**
 * The first `provinces` provinces, and `cities` cities dealt to them in turn: `CN-BJ`, `CN-BJ.baocheng`. A region comes after the one above it.
 *
 * @throws RangeError when there are not so many
 */
export function namedRegions(provinces: number, cities: number): readonly NamedRegion[] {
  if (provinces < 1 || provinces > PROVINCES.length || cities < 0 || cities > provinces * NAMES) {
    throw new RangeError(`1 to ${PROVINCES.length} provinces, with at most ${NAMES} cities each`);
  }
  const above = PROVINCES.slice(0, provinces).map(([code, en, zh]) => ({
    id: `CN-${code}`,
    parent: undefined,
    names: { en, zh },
  }));
  const below = Array.from({ length: cities }, (_, i) => {
    const number = i % provinces;
    return cityOf(above[number]?.id ?? '', Math.floor(i / provinces) + 31 * number);
  });
  return [...above, ...below];
}

/** Two cities of one province have the same name only when their numbers are a multiple of `NAMES` apart. */
function cityOf(parent: string, number: number): NamedRegion {
  const [first, firstZh] = FIRST[number % FIRST.length] ?? ['', ''];
  const [second, secondZh] = SECOND[Math.floor(number / FIRST.length) % SECOND.length] ?? ['', ''];
  const name = first + second;
  const en = name.charAt(0).toUpperCase() + name.slice(1);
  return { id: `${parent}.${name}`, parent, names: { en, zh: `${firstZh}${secondZh}市` } };
}
