-- Twenty rules and a capped total over people in households, as an engineer would write them by hand in SQL.
-- The pack packs/rules-spec says the same; every engine must find the same people and the same sums.
WITH household AS (
  SELECT household_id AS home, count(*) AS hh_size, sum(income + pension) AS hh_income
  FROM persons WHERE alive GROUP BY household_id),
p AS (
  SELECT persons.*, hh_size, hh_income / hh_size AS pc, income + pension AS inc
  FROM persons JOIN household ON persons.household_id = household.home WHERE alive),
q AS (SELECT *, CASE WHEN age >= 68 AND inc < 12000 THEN 4000.0 ELSE 0.0 END AS r1 FROM p),
s AS (SELECT *, CASE WHEN r1 = 0 AND age >= 60 AND rural AND pc < 9000 THEN 2500.0 ELSE 0.0 END AS r2 FROM q),
t AS (SELECT *,
  CASE WHEN r1 = 0 AND r2 = 0 AND sex = 1 AND marital IN (0, 2, 3) AND age >= 60 AND pc < 15000
       THEN 2600.0 ELSE 0.0 END AS r3,
  CASE WHEN marital = 2 AND age BETWEEN 18 AND 59 AND income < 20000 THEN 2600.0 ELSE 0.0 END AS r4,
  CASE WHEN disability_pct >= 51 AND residency_years >= 1 THEN 3990.0 ELSE 0.0 END AS r5,
  CASE WHEN disability_pct BETWEEN 26 AND 50 THEN 2128.0 ELSE 0.0 END AS r6,
  CASE WHEN age < 16 AND disability_pct >= 30 THEN 1500.0 ELSE 0.0 END AS r7,
  CASE WHEN care_level BETWEEN 1 AND 2 AND pc < 12000 THEN 3000.0 ELSE 0.0 END AS r8,
  CASE WHEN care_level >= 3 THEN greatest(0.0, 6000.0 - 0.1 * greatest(inc - 10000.0, 0.0)) ELSE 0.0 END AS r9,
  CASE WHEN hh_size = 1 AND age >= 65 AND inc < 25000 THEN 1200.0 ELSE 0.0 END AS r10,
  CASE WHEN care_level >= 4 THEN 8.0 WHEN care_level >= 2 THEN 4.0
       WHEN age >= 80 AND hh_size = 1 THEN 2.0 WHEN age >= 70 THEN 1.0 ELSE 0.0 END AS r11,
  CASE WHEN bereaved_months BETWEEN 0 AND 12 AND pc < 18000 THEN 5000.0 ELSE 0.0 END AS r12,
  CASE WHEN pc < 7000 AND assets < 200000 THEN 800.0 ELSE 0.0 END AS r13,
  CASE WHEN age BETWEEN 18 AND 59 AND employed_months < 3 AND pc < 10000
       THEN 1000.0 * (3 - employed_months) ELSE 0.0 END AS r14,
  CASE WHEN children_u18 > 0 AND age BETWEEN 18 AND 59 AND pc < 9000
       THEN 532.0 * least(children_u18, 3) ELSE 0.0 END AS r15,
  CASE WHEN NOT house_owner AND pc < 11000 THEN greatest(0.0, 2000.0 - 0.1 * pc) ELSE 0.0 END AS r16,
  CASE WHEN age >= 70 OR chronic >= 3 OR disability_pct >= 40 OR pc < 8000 THEN 1.0 ELSE 0.0 END AS r17,
  CASE WHEN pc < 6000 THEN 350.0 WHEN pc < 12000 THEN 262.5 WHEN pc < 18000 THEN 175.0 ELSE 0.0 END AS r18,
  greatest(0.0, 0.05 * least(greatest(inc - 20000.0, 0.0), 30000.0)
    + 0.12 * least(greatest(inc - 50000.0, 0.0), 70000.0) + 0.20 * greatest(inc - 120000.0, 0.0)
    - CASE WHEN age >= 65 THEN 1000.0 ELSE 0.0 END) AS r19,
  2.0 * care_level + CASE WHEN age >= 80 THEN 3.0 ELSE 0.0 END + CASE WHEN hh_size = 1 THEN 3.0 ELSE 0.0 END
    + disability_pct / 20.0 + CASE WHEN pc < 7000 THEN 2.0 ELSE 0.0 END + 0.5 * chronic AS r20
  FROM s)
SELECT person_id, r1, r2, r3, r4, r5, r6, r7, r8, r9, r10, r11, r12, r13, r14, r15, r16, r17, r18, r19, r20,
  least(9000.0, r1 + r2 + r3 + r4 + r5 + r6 + r7 + r8 + r9 + r10 + r12 + r13 + r14 + r15 + r16) AS total
FROM t
