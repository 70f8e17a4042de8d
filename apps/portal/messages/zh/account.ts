import type en from '../en/account.ts'

export default {
  noticeSeen: '我已知悉',
  noticeSecondFactorReset:
    '{date}，管理员重置了您的第二验证因素：通行密钥、动态验证码、恢复码和 PIN 已移除，个人令牌已吊销。若非您本人要求，请立即联系管理员。',
  noticeOther: '{date}，您的账户发生了变更，请联系管理员。',
} satisfies typeof en
