### 上级看下级报来的

province-name = 各县上报
province-title = { $place }：{ $n } 个县里 { $fresh } 个按时报了，{ $stale } 个过期，{ $missing } 个没有报过
province-sub = 只用各县签了名报来的数；最新一份超过 { $days } 天算过期。
province-counties = 谁报了
province-day = 报的是哪天
province-revision = 第 { $n } 版
province-people = 名单上的人
province-places = 场所
province-plan = 按哪个方案
province-fresh = 按时
province-stale = 过期，{ $days } 天前的
province-missing = 没有报过
province-no-key = 没登记公钥
province-rules = 符合的人数
province-indicators = 指标
province-sum = 合计
province-small = 太少
province-key = “太少”：不到 { $n } 人的数会认出人来，连同能把它倒推出来的数，县里都没有报；合计只加报了的。“—”：这个县的方案没有这一项。
province-none = 这里没有县
province-none-next = 地址里的 region 要写省或地区的代码
