-- A brief asks which jorbs moved since the last one, without reading what happened.

CREATE TRIGGER `audit_is_news` AFTER INSERT ON `audit` WHEN NEW.`jorb_id` IS NOT NULL BEGIN
  UPDATE `jorb` SET `news_seq` = NEW.`seq` WHERE `id` = NEW.`jorb_id`;
END;
