import type en from '../en/studies.ts'

export default {
  kinds: { real: '真实研究', demo: '演示', synthetic: '合成影像' },
  mine: '我的研究',
  mineLead: '您参与的研究。',
  since: '创建于 {date}',
  noneTitle: '暂无研究',
  noneAdministrator:
    '请创建第一项研究。它以产品自带的小关节方案为起点，并指定一名研究者，再由研究者邀请协调员、阅片者和统计师。',
  nonePerson: '您已有账户，但尚未参与任何研究。请联系您研究的研究者邀请您。',
  create: '创建研究',
} satisfies typeof en
