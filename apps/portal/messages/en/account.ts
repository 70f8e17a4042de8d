export default {
  noticeSeen: 'I have read this',
  noticeSecondFactorReset:
    'On {date} an administrator reset your second factor: passkeys, one-time codes, recovery codes and PIN were removed and your tokens revoked. If you did not ask for this, tell your administrator at once.',
  noticeOther: 'On {date} something changed on your account. Ask your administrator.',
}
